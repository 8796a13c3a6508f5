using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Modules and parameters that the author wrote, beside declared blocks.</summary>
[Model, WeightDecay(0.01)]
public sealed partial class HandWritten
{
    private readonly Linear gate = nn.Linear(8, 8);
    private readonly nn.Module<Tensor, Tensor>[] branches = [nn.Linear(8, 8), nn.Tanh()];
    private readonly List<Linear> layers = [nn.Linear(8, 8), nn.Linear(8, 8, hasBias: false)];

    [Name("temperature.scale")]
    private Parameter scale = new(full([8], 0.5f));

    public LayerNorm Final { get; } = nn.LayerNorm(8);

    [Input(8), Linear(8), Activation(ActivationKind.ReLU)]
    private partial Tensor Mix(Tensor x);

    [Input(8), Linear(3), Output]
    private partial Tensor Logits(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var gated = nn.functional.sigmoid(gate.call(input)) * Mix(input) * scale;
        foreach (var branch in branches)
        {
            gated = branch.call(gated);
        }

        foreach (var layer in layers)
        {
            gated += layer.call(gated);
        }

        return Logits(Final.call(gated)).MoveToOuterDisposeScope();
    }
}
