using System.ComponentModel;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// A transform of a weight: divides it, as a matrix <c>[out, in·…]</c>, by its largest singular value, which power iteration estimates
/// (Miyato et al. 2018, <see href="https://arxiv.org/abs/1802.05957"/>). The estimate improves with each forward pass in train mode and rests in eval mode.
/// </summary>
/// <remarks>
/// Generated code makes it.
/// The state holds the buffers <c>u</c> <c>[out]</c> and <c>v</c> <c>[in·…]</c>, the estimated singular vectors. The length of the weight that is used is
/// fixed: weight decay, an L2 penalty, and constraints of the
/// lengths of units can change nothing of it, and are refused by optimizers and penalties of this library.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SpectralNorm : Layer, IWeightTransform
{
    private const int InitialIterations = 15;
    private const double Smallest = 1e-12;

    private readonly int iterations;
    private readonly int unitAxis;

    /// <param name="weight">The weight as it starts, <c>[out, in...]</c> or with the units on another axis; at least two axes. It is read, not kept.</param>
    /// <param name="iterations">Power iterations for each forward pass in train mode, at least 1.</param>
    /// <param name="unitAxis">The axis that counts the units: 0, and 1 for transposed convolutions.</param>
    /// <exception cref="ArgumentException">Fewer than two axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight has no such axis, or fewer than one iteration.</exception>
    public SpectralNorm(Parameter weight, int iterations = 1, int unitAxis = 0) : base(nameof(SpectralNorm))
    {
        CheckUnits(weight, unitAxis, nameof(SpectralNorm));
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        this.iterations = iterations;
        this.unitAxis = unitAxis;

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var matrix = Matrix(weight);
        register_buffer("u", Direction(matrix.size(0), weight).DetachFromDisposeScope());
        register_buffer("v", Direction(matrix.size(1), weight).DetachFromDisposeScope());
        Iterate(matrix, InitialIterations);
        WeightTransforms.Note(weight, this);
    }

    /// <param name="weight">The weight, with the shape of the one given at construction.</param>
    /// <exception cref="ArgumentException">Another number of rows or columns.</exception>
    public override Tensor forward(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var (u, v) = (get_buffer("u")!, get_buffer("v")!);
        if (weight.ndim < 2 || unitAxis >= weight.ndim || weight.size(unitAxis) != u.size(0) || weight.numel() != u.size(0) * v.size(0))
        {
            throw new ArgumentException($"SpectralNorm holds a matrix of {u.size(0)} × {v.size(0)} with the units on axis {unitAxis}, and the weight is "
                + $"{Text(weight.shape)}.", nameof(weight));
        }

        WeightTransforms.Note(weight, this);
        using var scope = NewDisposeScope();
        var matrix = Matrix(weight);
        if (training)
        {
            using var _ = no_grad();
            Iterate(matrix, iterations);
        }

        // Copies, because the next forward pass writes to the buffers before this one's gradients are computed.
        var largest = dot(u.clone(), matrix.mv(v.clone()));
        return weight.div(largest).MoveToOuterDisposeScope();
    }

    Tensor IWeightTransform.Length => throw new InvalidOperationException("Spectral norm fixes the length of the weight that is used.");

    string? IWeightTransform.Refusal(WeightRegularization regularization)
    {
        var what = regularization switch
        {
            { WeightDecay: > 0 } => "WeightDecay",
            { L2: > 0 } => "L2",
            { Constraint: { BoundsLengths: true } constraint } => $"{constraint}",
            _ => null,
        };
        return what is null
            ? null
            : $"has spectral norm, which fixes its length, so that {what} can change nothing of the weight that is used. Take one of the two away there: a "
                + "strength of 0, or WeightConstraint.None, stands against a default.";
    }

    void IWeightTransform.Scale(double factor) => throw new InvalidOperationException("Spectral norm fixes the length of the weight that is used.");

    void IWeightTransform.Change(Parameter weight, Action<Tensor> change)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var largest = dot(get_buffer("u")!, Matrix(weight).mv(get_buffer("v")!));
        if (!(largest.ToDouble() > Smallest))
        {
            return;
        }

        var before = weight.div(largest);
        var used = before.clone();
        change(used);
        weight.copy_(where(used.ne(before), used.mul(largest), weight));
    }

    private void Iterate(Tensor matrix, int count)
    {
        var (u, v) = (get_buffer("u")!, get_buffer("v")!);
        var transposed = matrix.t();
        for (var iteration = 0; iteration < count; iteration++)
        {
            v.copy_(nn.functional.normalize(transposed.mv(u), dim: 0, eps: Smallest));
            u.copy_(nn.functional.normalize(matrix.mv(v), dim: 0, eps: Smallest));
        }
    }

    private Tensor Matrix(Tensor weight) => weight.transpose(0, unitAxis).flatten(1);

    private static Tensor Direction(long size, Tensor like) =>
        nn.functional.normalize(randn(size, like.dtype, like.device), dim: 0, eps: Smallest);
}
