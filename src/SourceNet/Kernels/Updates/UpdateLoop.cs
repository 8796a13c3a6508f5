using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>Applies a rule to a range of a parameter.</summary>
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
            case UpdateKind.Descent:
                Run<DescentRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Momentum:
                Run<MomentumRule, TVector>(entry, scale, start, count);
                break;
            case UpdateKind.Nesterov:
                Run<NesterovRule, TVector>(entry, scale, start, count);
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
        var at = new TensorPointers
        {
            Weight = entry.Pointers.Weight + start,
            Gradient = entry.Pointers.Gradient + start,
            FirstMoment = entry.Pointers.FirstMoment + start,
            SecondMoment = entry.Pointers.SecondMoment + start,
            MaxSecondMoment = entry.Pointers.MaxSecondMoment + start,
        };
        var index = 0L;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            TRule.Step(coefficients, scales, at, index, default(FullVector));
        }

        if (index < count)
        {
            // The same instructions, and so the same rounding, as everywhere else.
            TRule.Step(coefficients, scales, at, index, new PartialVector((int)(count - index)));
        }
    }

    [Conditional("DEBUG")]
    private static void Check(in TensorEntry entry, long start, long count)
    {
        Debug.Assert(start >= 0 && count > 0 && start + count <= entry.Count, "The range lies in the parameter.");
        Debug.Assert(start % 16 == 0, "Ranges begin at a multiple of the widest vector, so that no cut leaves a part of one.");
        Debug.Assert(entry.Pointers.Weight is not null && entry.Pointers.Gradient is not null, "The parameter has a gradient.");
        Debug.Assert(entry.Kind == UpdateKind.Descent || entry.Pointers.FirstMoment is not null, "The rule has its first moment or velocity.");
        Debug.Assert(entry.Kind is not (UpdateKind.Adam or UpdateKind.AmsGrad) || entry.Pointers.SecondMoment is not null, "Adam has its second moment.");
        Debug.Assert(entry.Kind != UpdateKind.AmsGrad || entry.Pointers.MaxSecondMoment is not null, "AMSGrad has its largest second moment.");
    }
}
