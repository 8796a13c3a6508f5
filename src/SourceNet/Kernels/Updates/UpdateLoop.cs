using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>Applies a rule to a range of a parameter: <c>w ← (1 − lr · decay) w + rate · direction</c>, then L1 and lower bound.</summary>
internal static unsafe class UpdateLoop
{
    /// <param name="entry">The parameter.</param>
    /// <param name="scale">What every gradient is multiplied with.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    internal static void Run<TVector>(in TensorEntry entry, float scale, long start, long count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        switch (entry.Kind)
        {
            case UpdateKind.Adam:
                Run<AdamRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.AmsGrad:
                Run<AmsGradRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.NAdam:
                Run<NAdamRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Lamb:
                Run<LambRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Descent:
                Run<DescentRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Momentum:
                Run<MomentumRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Nesterov:
                Run<NesterovRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Lion:
                Run<LionRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.RmsProp:
                Run<RmsPropRule<RootMeanSquare>, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.RmsPropMomentum:
                Run<RmsPropMomentumRule<RootMeanSquare>, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.CenteredRmsProp:
                Run<RmsPropRule<StandardDeviation>, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.CenteredRmsPropMomentum:
                Run<RmsPropMomentumRule<StandardDeviation>, TVector>(entry, scale, start, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "There is no such rule.");
        }
    }

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TRule, TVector>(in TensorEntry entry, float scale, long start, long count)
        where TRule : struct, IUpdateRule
        where TVector : unmanaged, ISimdVector<TVector>
    {
        Check(entry, start, count);
        var coefficients = entry.Coefficients;
        var scales = TVector.Broadcast(scale);
        var at = entry.Pointers.From(start);
        var index = 0L;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            Step<TRule, TVector, FullVector>(coefficients, scales, at, index, default);
        }

        if (index < count)
        {
            // The same instructions, and so the same rounding, as everywhere else.
            Step<TRule, TVector, PartialVector>(coefficients, scales, at, index, new PartialVector((int)(count - index)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRule, TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TRule : struct, IUpdateRule
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var direction = TRule.Direction(coefficients, scale, at, index, extent);
        var weight = extent.Load<TVector>(at.Weight + index) * TVector.Broadcast(coefficients.DecayFactor);
        weight = TVector.MultiplyAdd(direction, TVector.Broadcast(coefficients.Rate), weight);
        extent.Store(Proximal.Of(coefficients, weight), at.Weight + index);
    }

    [Conditional("DEBUG")]
    private static void Check(in TensorEntry entry, long start, long count)
    {
        var (kind, at) = (entry.Kind, entry.Pointers);
        Debug.Assert(start >= 0 && count > 0 && start + count <= entry.Count, "The range lies in the parameter.");
        Debug.Assert(start % 16 == 0, "Ranges begin at a multiple of the widest vector, so that no cut leaves a part of one.");
        Debug.Assert(at.Weight is not null && at.Gradient is not null, "The parameter has a gradient.");
        Debug.Assert(kind is UpdateKind.Descent or UpdateKind.RmsProp or UpdateKind.CenteredRmsProp || at.FirstMoment is not null,
            "The rule has its first moment or velocity.");
        Debug.Assert(kind is UpdateKind.Descent or UpdateKind.Momentum or UpdateKind.Nesterov or UpdateKind.Lion || at.SecondMoment is not null,
            "The rule has its second moment.");
        Debug.Assert(kind != UpdateKind.AmsGrad || at.MaxSecondMoment is not null, "AMSGrad has its largest second moment.");
        Debug.Assert(kind is not (UpdateKind.CenteredRmsProp or UpdateKind.CenteredRmsPropMomentum) || at.GradientMean is not null,
            "Centered RMSprop has its mean.");
    }
}
