using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Retrofit;

/// <summary>A perceptron with residual blocks: [N, 64] to the logits of ten digits.</summary>
public sealed class DigitNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear stem = nn.Linear(64, 128);
    private readonly ModuleList<nn.Module<Tensor, Tensor>> blocks = new();
    private readonly Linear head = nn.Linear(128, 10);

    public DigitNet(int depth = 2)
        : base(nameof(DigitNet))
    {
        for (var i = 0; i < depth; i++)
        {
            blocks.Add(nn.Sequential(nn.Linear(128, 128), nn.BatchNorm1d(128), nn.ReLU()));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.relu(stem.call(input));
        foreach (var block in blocks)
        {
            x = x + block.call(x);
        }

        return head.call(nn.functional.dropout(x, 0.4, training: training));
    }
}
