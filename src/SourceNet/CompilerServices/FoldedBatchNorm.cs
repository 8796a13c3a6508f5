using System.ComponentModel;
using SourceNet.Kernels;
using SourceNet.Kernels.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// A batch norm in eval mode is one scale and one shift a channel. This keeps a convolution's or linear layer's weight and bias with both multiplied in:
/// <c>W' = W · γ / √(σ² + eps)</c>, <c>b' = (b − μ) · γ / √(σ² + eps) + β</c>.
/// </summary>
/// <remarks>
/// Generated code holds one for each norm that is folded.
/// They are made at the first use and made again after train mode or after a change of what they were made from: another tensor, or any operator that wrote
/// into one. Writing through a tensor's raw
/// memory goes unnoticed; switch to train mode and back after it. Any thread may ask.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FoldedBatchNorm
{
    private volatile Folded? kept;

    /// <summary>Makes the next use fold again.</summary>
    public void Forget() => kept = null;

    /// <summary>
    /// The weight and bias that include the norm, which stay the property of this object; null where they cannot be told to be up to date, or the layer is of
    /// another kind.
    /// </summary>
    internal (Tensor Weight, Tensor Bias)? Weights(nn.Module<Tensor, Tensor> product, BatchNorm norm)
    {
        if (!FusedKernels.AreAllowed || !VersionCounter.CanBeRead || norm.running_mean is not { } mean || norm.running_var is not { } variance)
        {
            return null;
        }

        var (weight, bias, unitAxis) = product switch
        {
            Linear linear => (linear.weight, linear.bias, 0),
            // A transposed convolution of several groups lists its units group by group on two axes.
            Convolution { transposed: true, groups: not 1 } => default,
            Convolution { padding_mode: PaddingModes.Zeros, padding_type: null } convolution =>
                (convolution.weight, convolution.bias, convolution.transposed ? 1 : 0),
            _ => default,
        };
        if (weight is null || mean.NumberOfElements != weight.size(unitAxis))
        {
            return null;
        }

        Tensor?[] sources = [weight, bias, norm.weight, norm.bias, mean, variance];
        var folded = kept;
        if (folded is null || !folded.IsMadeFrom(sources))
        {
            folded = Folded.From(sources, norm.eps, unitAxis);
            kept = folded;
        }

        return folded is null ? null : (folded.Weight, folded.Bias);
    }

    /// <summary>Never disposed, because another thread may be using it: its tensors go with the garbage.</summary>
    private sealed class Folded
    {
        private readonly Tensor?[] sources;
        private readonly uint[] versions;

        private Folded(Tensor?[] sources, uint[] versions, Tensor weight, Tensor bias) =>
            (this.sources, this.versions, Weight, Bias) = (sources, versions, weight, bias);

        internal Tensor Weight { get; }

        internal Tensor Bias { get; }

        /// <summary>Null if a tensor's writes are not counted.</summary>
        internal static Folded? From(Tensor?[] sources, double eps, int unitAxis)
        {
            var versions = new uint[sources.Length];
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] is { } source)
                {
                    if (VersionCounter.Read(source) is not { } version)
                    {
                        return null;
                    }

                    versions[i] = version;
                }
            }

            using var ungraded = no_grad();
            using var scope = NewDisposeScope();
            var (weight, bias, scale, shift, mean, variance) = (sources[0]!, sources[1], sources[2], sources[3], sources[4]!, sources[5]!);
            // A number as an argument is a native object that TorchSharp does not keep alive during the call.
            using var least = eps.ToScalar();
            var factor = variance.add(least, Scalars.One).rsqrt();
            factor = scale is null ? factor : factor * scale;
            var negative = mean.neg();
            var offset = ((bias is null ? negative : negative.add(bias, Scalars.One)) * factor).to(weight.dtype);
            var perUnit = new long[weight.ndim];
            Array.Fill(perUnit, 1);
            perUnit[unitAxis] = -1;
            return new Folded(
                sources,
                versions,
                (weight * factor.to(weight.dtype).reshape(perUnit)).DetachFromDisposeScope(),
                (shift is null ? offset : offset.add(shift, Scalars.One)).DetachFromDisposeScope());
        }

        internal bool IsMadeFrom(Tensor?[] others)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                if (!ReferenceEquals(sources[i], others[i]) || (others[i] is { } other && VersionCounter.Read(other) != versions[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
