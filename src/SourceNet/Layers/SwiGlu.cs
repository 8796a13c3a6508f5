using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// The gated network of Llama, <c>down(silu(gate(x)) · up(x))</c> on <c>[..., dim] → [..., dim]</c>
/// (Shazeer 2020, <see href="https://arxiv.org/abs/2002.05202"/>).
/// </summary>
/// <remarks>The state holds <c>gate</c>, <c>up</c> and <c>down</c>, three linear layers.</remarks>
public sealed class SwiGlu : Layer
{
    private readonly long dim;

    /// <param name="dim">The size of the input and the output, at least 1.</param>
    /// <param name="hidden">The size of gate and up, at least 1.</param>
    /// <param name="bias">Whether the three linear layers have a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public SwiGlu(long dim, long hidden, bool bias = false) : base(nameof(SwiGlu))
    {
        this.dim = CheckedSize(dim);
        gate = Register(nameof(gate), nn.Linear(dim, CheckedSize(hidden), bias));
        up = Register(nameof(up), nn.Linear(dim, hidden, bias));
        down = Register(nameof(down), nn.Linear(hidden, dim, bias));
    }

    /// <summary>The gate, before the SiLU: dim → hidden.</summary>
    public Linear gate { get; }

    /// <summary>What is gated: dim → hidden.</summary>
    public Linear up { get; }

    /// <summary>The way back: hidden → dim.</summary>
    public Linear down { get; }

    /// <param name="input">Vectors, <c>[..., dim]</c>.</param>
    /// <exception cref="ArgumentException">The last axis is not dim.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckLastAxis(input, dim, nameof(SwiGlu));
        using var gated = gate.call(input);
        using var raised = up.call(input);
        using var product = Fused.SwiGlu(gated, raised);
        return down.call(product);
    }
}
