using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>One row of logits: its loss, and its gradient if somebody wants it.</summary>
internal static unsafe class SoftmaxRow
{
    /// <summary>So many numbers each lane adds up in float32 before the sum goes on in double precision.</summary>
    private const int Additions = 32;

    /// <summary><c>Σ aᵢ (log Σ eˣ − xᵢ)</c>, and <c>scale · (Σ a · softmax(x) − a)</c> as its gradient.</summary>
    /// <param name="arguments">Those of the call.</param>
    /// <param name="weights">The factors a.</param>
    /// <param name="start">The row's first element, counted from the start of the logits.</param>
    /// <param name="target">The class whose factor is larger, −1 if none is.</param>
    /// <param name="targetWeight">By how much.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Loss<TWeights, TVector>(in CrossEntropyArguments arguments, TWeights weights, long start, long target, float targetWeight)
        where TWeights : unmanaged, ITargetWeights
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var logits = arguments.Logits + start;
        var gradient = arguments.Gradient is null ? null : arguments.Gradient + start;
        var classes = arguments.Classes;
        var rest = new PartialVector((int)(classes % TVector.Count));
        var vectors = classes - (classes % TVector.Count);
        var largest = Largest<TVector>(logits, classes);
        var row = new Row<TWeights, TVector>(logits, gradient, weights, start, TVector.Broadcast(largest));
        double powerSum = 0, factorSum = 0, productSum = 0;
        for (var block = 0L; block < vectors; block += Additions * TVector.Count)
        {
            var end = Math.Min(vectors, block + (Additions * TVector.Count));
            var (powers, factors, products) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
            for (var column = block; column < end; column += TVector.Count)
            {
                row.Add(column, default(FullVector), ref powers, ref factors, ref products);
            }

            powerSum += powers.Sum();
            if (TWeights.HaveAny)
            {
                factorSum += factors.Sum();
                productSum += products.Sum();
            }
        }

        if (vectors < classes)
        {
            var (powers, factors, products) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
            row.Add(vectors, rest, ref powers, ref factors, ref products);
            powerSum += powers.Sum();
            factorSum += factors.Sum();
            productSum += products.Sum();
        }

        var powersOfRow = (float)powerSum;
        var weightSum = (float)factorSum;
        var loss = -productSum;
        if (target >= 0)
        {
            weightSum += targetWeight;
            loss -= (double)targetWeight * (logits[target] - largest);
        }

        loss += weightSum * (double)MathF.Log(powersOfRow);
        if (gradient is not null)
        {
            var scale = arguments.Scale;
            var powerScales = TVector.Broadcast(scale * weightSum / powersOfRow);
            var weightScales = TVector.Broadcast(-scale);
            for (var column = 0L; column < vectors; column += TVector.Count)
            {
                row.Finish(column, default(FullVector), powerScales, weightScales);
            }

            if (vectors < classes)
            {
                row.Finish(vectors, rest, powerScales, weightScales);
            }

            if (target >= 0)
            {
                gradient[target] -= scale * targetWeight;
            }
        }

        return loss;
    }

    /// <summary>The largest logit. In a row with one that is not a number anything: its sum of powers is not a number then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest<TVector>(float* logits, long classes)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var lowest = TVector.Broadcast(float.NegativeInfinity);
        var (first, second) = (lowest, lowest);
        var column = 0L;
        for (; column <= classes - (2 * TVector.Count); column += 2 * TVector.Count)
        {
            first = TVector.Max(first, TVector.Load(logits + column));
            second = TVector.Max(second, TVector.Load(logits + column + TVector.Count));
        }

        if (column <= classes - TVector.Count)
        {
            first = TVector.Max(first, TVector.Load(logits + column));
            column += TVector.Count;
        }

        if (column < classes)
        {
            var rest = new PartialVector((int)(classes - column));
            second = TVector.Max(second, rest.Select(rest.Load<TVector>(logits + column), lowest));
        }

        return TVector.Max(first, second).LargestLane();
    }

    /// <summary>A row whose largest logit is known, one vector of it at a time.</summary>
    private readonly struct Row<TWeights, TVector>(float* logits, float* gradient, TWeights weights, long start, TVector largest)
        where TWeights : unmanaged, ITargetWeights
        where TVector : unmanaged, ISimdVector<TVector>
    {
        private readonly float* logits = logits;
        private readonly float* gradient = gradient;
        private readonly TWeights weights = weights;
        private readonly long start = start;
        private readonly TVector largest = largest;

        /// <summary>Adds to Σ eˣ, Σ a and Σ a · x, with x the difference from the largest logit, and leaves eˣ in the place of the gradient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Add<TExtent>(long column, TExtent extent, ref TVector powers, ref TVector factors, ref TVector products)
            where TExtent : struct, IVectorExtent
        {
            var zero = TVector.Broadcast(0);
            // The lanes outside of the row must not turn 0 · ∞ into a number that is none.
            var difference = extent.Select(extent.Load<TVector>(logits + column) - largest, zero);
            var power = Elementary.Exp(difference);
            powers += extent.Select(power, zero);
            if (gradient is not null)
            {
                extent.Store(power, gradient + column);
            }

            if (TWeights.HaveAny)
            {
                var weight = weights.At<TVector, TExtent>(start + column, column, extent);
                factors += weight;
                products = TVector.MultiplyAdd(weight, difference, products);
            }
        }

        /// <summary>Makes the gradient of the powers that stand in its place.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Finish<TExtent>(long column, TExtent extent, TVector powerScales, TVector weightScales)
            where TExtent : struct, IVectorExtent
        {
            var slope = extent.Load<TVector>(gradient + column) * powerScales;
            if (TWeights.HaveAny)
            {
                slope = TVector.MultiplyAdd(weights.At<TVector, TExtent>(start + column, column, extent), weightScales, slope);
            }

            extent.Store(slope, gradient + column);
        }
    }
}
