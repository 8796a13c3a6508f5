using SourceNet.Kernels.Updates;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The numbers of a method that divides by the root of a second moment.</summary>
internal abstract class MomentOptions : BetaOptions
{
    internal double Eps { get; set; }

    private protected override void Exchange(MethodNumbers numbers)
    {
        base.Exchange(numbers);
        Eps = numbers.Of(Eps);
    }
}

/// <summary>
/// What Adam and its relatives share: the moments <c>m ← β₁ m + (1 − β₁) g</c> and <c>v ← β₂ v + (1 − β₂) g²</c>, corrected for their start at 0, and the
/// root that they divide by.
/// </summary>
internal static class AdamMoments
{
    internal const int First = 0;
    internal const int Second = 1;

    /// <summary><c>1 / (1 − βᵗ)</c></summary>
    internal static double Correction(double beta, long step) => 1 / (1 - Math.Pow(beta, step));

    /// <summary>Both moments after this gradient. The step is counted already.</summary>
    internal static (Tensor First, Tensor Second) After(Tensor gradient, RegularizedState state, MomentOptions options)
    {
        using var keep1 = options.Beta1.ToScalar();
        using var take1 = (1 - options.Beta1).ToScalar();
        using var keep2 = options.Beta2.ToScalar();
        using var take2 = (1 - options.Beta2).ToScalar();
        var first = state.OrZeros(First).mul_(keep1).add_(gradient, take1);
        return (first, state.OrZeros(Second).mul_(keep2).addcmul_(gradient, gradient, take2));
    }

    /// <summary>A new <c>√v̂ + ε</c>.</summary>
    internal static Tensor Root(Tensor second, RegularizedState state, MomentOptions options)
    {
        using var correction = Math.Sqrt(Correction(options.Beta2, state.Step)).ToScalar();
        using var eps = options.Eps.ToScalar();
        return second.sqrt().mul_(correction).add_(eps, Scalars.One);
    }

    /// <summary>Finds both moments for the kernel.</summary>
    internal static unsafe bool TryLocate(RegularizedState state, ref TensorEntry entry)
    {
        entry.Pointers.FirstMoment = state.Floats(First, entry.Count);
        entry.Pointers.SecondMoment = state.Floats(Second, entry.Count);
        return entry.Pointers.FirstMoment is not null && entry.Pointers.SecondMoment is not null;
    }

    /// <summary>The kernel's numbers for both moments and the root. The step is counted already.</summary>
    internal static void Fill(ref UpdateCoefficients coefficients, RegularizedState state, MomentOptions options)
    {
        coefficients.Beta1 = (float)options.Beta1;
        coefficients.GradientFactor = (float)(1 - options.Beta1);
        coefficients.Beta2 = (float)options.Beta2;
        coefficients.SquareFactor = (float)(1 - options.Beta2);
        coefficients.InverseRootCorrection = (float)Math.Sqrt(Correction(options.Beta2, state.Step));
        coefficients.Epsilon = (float)options.Eps;
    }
}
