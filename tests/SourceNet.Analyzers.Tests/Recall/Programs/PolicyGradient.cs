// REINFORCE with a baseline on a pole that must not fall.
namespace Control;

internal interface IEnvironment
{
    float[] Reset();

    (float[] State, float Reward, bool IsOver) Step(int action);
}

internal sealed class Pole : IEnvironment
{
    private readonly float[] _state = new float[4];
    private int _steps;

    public float[] Reset()
    {
        _steps = 0;
        for (var i = 0; i < _state.Length; i++)
        {
            _state[i] = 0.1f * (Random.Shared.NextSingle() - 0.5f);
        }

        return [.. _state];
    }

    public (float[] State, float Reward, bool IsOver) Step(int action)
    {
        var force = action == 1 ? 10f : -10f;
        var acceleration = (9.8f * MathF.Sin(_state[2]) - MathF.Cos(_state[2]) * force / 1.1f) / 0.6f;
        _state[0] += 0.02f * _state[1];
        _state[1] += 0.02f * force / 1.1f;
        _state[2] += 0.02f * _state[3];
        _state[3] += 0.02f * acceleration;
        return ([.. _state], 1, ++_steps >= 500 || Math.Abs(_state[2]) > 0.2f || Math.Abs(_state[0]) > 2.4f);
    }
}

internal sealed class ActorCritic : nn.Module<Tensor, (Tensor Logits, Tensor Value)>
{
    private readonly Linear shared;
    private readonly Linear actor;
    private readonly Linear critic;

    public ActorCritic(int inputs, int hidden, int actions)
        : base("ActorCritic")
    {
        shared = nn.Linear(inputs, hidden);
        actor = nn.Linear(hidden, actions);
        critic = nn.Linear(hidden, 1);
        nn.init.orthogonal_(shared.weight!);
        RegisterComponents();
    }

    public override (Tensor Logits, Tensor Value) forward(Tensor state)
    {
        var hidden = shared.call(state).tanh();
        return (actor.call(hidden), critic.call(hidden).squeeze(-1));
    }
}

internal sealed class Reinforce(IEnvironment environment, double discount = 0.99)
{
    private readonly ActorCritic _policy = new(4, 64, 2);

    public void Train(int episodes, Action<int, int> report)
    {
        using var optimizer = optim.RMSProp(_policy.parameters().ToArray(), 7e-4);
        for (var episode = 0; episode < episodes; episode++)
        {
            using var scope = NewDisposeScope();
            var (states, actions, rewards) = Play();
            using var returns = tensor(Discounted(rewards));

            optimizer.zero_grad();
            var (logits, values) = _policy.call(states);
            var chosen = logits.log_softmax(-1).gather(1, actions.unsqueeze(1)).squeeze(1);
            var advantage = (returns - values).detach();
            var policyLoss = -(chosen * advantage).mean();
            var valueLoss = nn.functional.smooth_l1_loss(values, returns);
            var loss = policyLoss + 0.5 * valueLoss;
            loss.backward();
            nn.utils.clip_grad_norm_(_policy.parameters(), 0.5);
            optimizer.step();
            report(episode, rewards.Count);
        }
    }

    private (Tensor States, Tensor Actions, List<float> Rewards) Play()
    {
        var visited = new List<float>();
        var taken = new List<long>();
        var rewards = new List<float>();
        var state = environment.Reset();
        var isOver = false;
        while (!isOver)
        {
            visited.AddRange(state);
            var action = Sample(state);
            taken.Add(action);
            (state, var reward, isOver) = environment.Step((int)action);
            rewards.Add(reward);
        }

        return (tensor(visited.ToArray()).view(-1, 4), tensor(taken.ToArray()), rewards);
    }

    private long Sample(float[] state)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (logits, _) = _policy.call(tensor(state).unsqueeze(0));
        return multinomial(logits.softmax(-1), 1).item<long>();
    }

    private float[] Discounted(List<float> rewards)
    {
        var returns = new float[rewards.Count];
        var running = 0.0;
        for (var i = rewards.Count - 1; i >= 0; i--)
        {
            running = rewards[i] + discount * running;
            returns[i] = (float)running;
        }

        return returns;
    }
}
