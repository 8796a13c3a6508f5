// Deep Q-learning with a target network.
class QLearning
{
    private readonly QNetwork _online = new();
    private readonly QNetwork _target = new();
    private readonly optim.Optimizer _optimizer;
    private int _steps;

    public QLearning()
    {
        _optimizer = optim.AdamW(_online.parameters(), 1e-3, weight_decay: 1e-4);
        Copy();
    }

    public void Learn(Tensor state, Tensor action, Tensor reward, Tensor next)
    {
        using var scope = NewDisposeScope();
        Tensor goal;
        using (no_grad())
        {
            _target.eval();
            goal = reward + 0.99 * _target.call(next).max(1).values;
        }

        _online.train();
        _optimizer.zero_grad();
        var value = _online.call(state).gather(1, action).squeeze(1);
        nn.functional.smooth_l1_loss(value, goal).backward();
        _optimizer.step();
        if (++_steps % 100 == 0)
        {
            Copy();
        }
    }

    public long Act(Tensor state)
    {
        using var scope = NewDisposeScope();
        _online.eval();
        using var _ = no_grad();
        return _online.call(state).argmax(1).item<long>();
    }

    private void Copy() => _target.load_state_dict(_online.state_dict());
}

class QNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Linear hidden = nn.Linear(6, 64);
    private readonly TorchSharp.Modules.Dropout dropout = nn.Dropout(0.1);
    private readonly Linear values = nn.Linear(64, 3);

    public QNetwork()
        : base(nameof(QNetwork)) => RegisterComponents();

    public override Tensor forward(Tensor state) => values.call(dropout.call(hidden.call(state).relu()));
}
