using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using static TorchSharp.torch;
using Linear = TorchSharp.Modules.Linear;

namespace SourceNet.Layers;

/// <summary>The two-layer network of a transformer, <c>down(dropout(activation(up(x))))</c> on <c>[..., dim] → [..., dim]</c> (Vaswani et al. 2017).</summary>
/// <remarks>The state holds <c>up</c> and <c>down</c>, two linear layers.</remarks>
public sealed class FeedForward : Layer, IStochasticLayer
{
    private readonly long dim;
    private readonly Func<Tensor, double, Tensor> activation;
    private readonly double dropout;

    /// <param name="dim">The size of the input and the output, at least 1.</param>
    /// <param name="hidden">The size between the two layers, at least 1.</param>
    /// <param name="activation">An elementwise activation without parameters, with the defaults of PyTorch.</param>
    /// <param name="dropout">The rate of dropout after the activation in train mode, in [0, 1).</param>
    /// <param name="bias">Whether the two linear layers have a bias.</param>
    /// <exception cref="ArgumentException">An activation with learned or random parameters, one that changes the shape, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a rate outside [0, 1).</exception>
    public FeedForward(long dim, long hidden, ActivationKind activation = ActivationKind.GELU, double dropout = 0, bool bias = true)
        : base(nameof(FeedForward))
    {
        this.dim = CheckedSize(dim);
        this.activation = Elementwise(activation);
        this.dropout = CheckedRate(dropout);
        up = Register(nameof(up), nn.Linear(dim, CheckedSize(hidden), bias));
        down = Register(nameof(down), nn.Linear(hidden, dim, bias));
    }

    /// <summary>The first layer: dim → hidden.</summary>
    public Linear up { get; }

    /// <summary>The second layer: hidden → dim.</summary>
    public Linear down { get; }

    /// <param name="input">Vectors, <c>[..., dim]</c>.</param>
    /// <exception cref="ArgumentException">The last axis is not dim.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckLastAxis(input, dim, nameof(FeedForward));
        using var raised = up.call(input);
        using var activated = activation(raised, training ? dropout : 0);
        return down.call(activated);
    }

    private static Func<Tensor, double, Tensor> Elementwise(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => Dropped(default(ReLU)),
        ActivationKind.ReLU6 => Dropped(default(ReLU6)),
        ActivationKind.LeakyReLU => Dropped(new LeakyReLU(0.01)),
        ActivationKind.ELU => Dropped(new ELU(1)),
        ActivationKind.CELU => Dropped(new CELU(1)),
        ActivationKind.SELU => Dropped(default(SELU)),
        ActivationKind.GELU => Dropped(default(GELU)),
        ActivationKind.SiLU => Dropped(default(SiLU)),
        ActivationKind.Mish => Dropped(default(Mish)),
        ActivationKind.Sigmoid => Dropped(default(Sigmoid)),
        ActivationKind.LogSigmoid => Dropped(default(LogSigmoid)),
        ActivationKind.Hardsigmoid => Dropped(default(Hardsigmoid)),
        ActivationKind.Hardswish => Dropped(default(Hardswish)),
        ActivationKind.Hardtanh => Dropped(new Hardtanh(-1, 1)),
        ActivationKind.Tanh => Dropped(default(Tanh)),
        ActivationKind.Tanhshrink => Dropped(default(Tanhshrink)),
        ActivationKind.Softplus => Dropped(new Softplus(1, 20)),
        ActivationKind.Softsign => Dropped(default(Softsign)),
        ActivationKind.Softshrink => Dropped(new Softshrink(0.5)),
        ActivationKind.Hardshrink => Dropped(new Hardshrink(0.5)),
        ActivationKind.Threshold => Dropped(new Threshold(0, 0)),
        _ => throw new ArgumentException($"FeedForward takes an elementwise activation without parameters, and {kind} is none.", nameof(kind)),
    };

    private static Func<Tensor, double, Tensor> Dropped<TActivation>(TActivation activation)
        where TActivation : unmanaged, IActivation => (x, rate) => Fused.Activation(x, activation, rate);
}
