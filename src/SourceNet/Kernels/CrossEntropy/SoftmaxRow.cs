using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>One row of logits: its loss, and its gradient if somebody wants it.</summary>
internal static unsafe class SoftmaxRow
{
    /// <summary>So many numbers each lane adds up in float32 before the sum goes on in double precision.</summary>
    private const int Additions = 32;

    /// <summary>Lanes of ones as bits for the first lanes, of zeros for those after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Inside<TVector>(int count)
        where TVector : struct, ISimdVector<TVector> => TVector.LessThanBits(TVector.Indices, TVector.BroadcastBits((uint)count));

    /// <summary><c>Σ aᵢ (log Σ eˣ − xᵢ)</c>, and <c>scale · (Σ a · softmax(x) − a)</c> as its gradient.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="start">Its first element, counted from the start of the logits.</param>
    /// <param name="classes">How many.</param>
    /// <param name="weights">The factors a.</param>
    /// <param name="target">The class whose factor is larger, −1 if none is.</param>
    /// <param name="peak">By how much.</param>
    /// <param name="scale">What the gradient is multiplied with.</param>
    /// <param name="gradient">Where it goes; null for nowhere.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Loss<TWeights, TVector>(float* logits, long start, long classes, TWeights weights, long target, float peak, float scale, float* gradient)
        where TWeights : struct, ITargetWeights
        where TVector : struct, ISimdVector<TVector>
    {
        var rest = (int)(classes % TVector.Count);
        var vectors = classes - rest;
        var inside = Inside<TVector>(rest);
        var largest = Largest<TVector>(logits, vectors, rest, inside);
        var highest = TVector.Broadcast(largest);

        double powerSum = 0, factorSum = 0, productSum = 0;
        for (var block = 0L; block < vectors; block += Additions * TVector.Count)
        {
            var end = Math.Min(vectors, block + (Additions * TVector.Count));
            var sum = TVector.Broadcast(0);
            var total = TVector.Broadcast(0);
            var product = TVector.Broadcast(0);
            for (var column = block; column < end; column += TVector.Count)
            {
                var difference = TVector.Load(logits + column) - highest;
                var power = Elementary.Exp(difference);
                sum += power;
                if (gradient is not null)
                {
                    power.Store(gradient + column);
                }

                if (TWeights.HaveAny)
                {
                    var weight = weights.At<TVector>(start + column, column);
                    total += weight;
                    product = TVector.MultiplyAdd(weight, difference, product);
                }
            }

            powerSum += sum.Sum();
            if (TWeights.HaveAny)
            {
                factorSum += total.Sum();
                productSum += product.Sum();
            }
        }

        if (rest > 0)
        {
            // The lanes outside of the row must not turn 0 · ∞ into a number that is none.
            var difference = TVector.ConditionalSelect(inside, TVector.LoadPartial(logits + vectors, rest) - highest, TVector.Broadcast(0));
            var power = Elementary.Exp(difference) & inside;
            powerSum += power.Sum();
            if (gradient is not null)
            {
                power.StorePartial(gradient + vectors, rest);
            }

            if (TWeights.HaveAny)
            {
                var weight = weights.PartAt<TVector>(start + vectors, vectors, rest);
                factorSum += weight.Sum();
                productSum += (weight * difference).Sum();
            }
        }

        var powers = (float)powerSum;
        var weightSum = (float)factorSum;
        var loss = -productSum;
        if (target >= 0)
        {
            weightSum += peak;
            loss -= (double)peak * (logits[target] - largest);
        }

        loss += weightSum * (double)MathF.Log(powers);
        if (gradient is not null)
        {
            Finish<TWeights, TVector>(gradient, start, vectors, rest, weights, scale * weightSum / powers, scale);
            if (target >= 0)
            {
                gradient[target] -= scale * peak;
            }
        }

        return loss;
    }

    /// <summary>The largest logit. In a row with one that is not a number anything: its sum of powers is not a number then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest<TVector>(float* logits, long vectors, int rest, TVector inside)
        where TVector : struct, ISimdVector<TVector>
    {
        var first = TVector.Broadcast(float.NegativeInfinity);
        var second = first;
        var column = 0L;
        for (; column <= vectors - (2 * TVector.Count); column += 2 * TVector.Count)
        {
            first = TVector.Max(first, TVector.Load(logits + column));
            second = TVector.Max(second, TVector.Load(logits + column + TVector.Count));
        }

        if (column < vectors)
        {
            first = TVector.Max(first, TVector.Load(logits + column));
        }

        if (rest > 0)
        {
            second = TVector.Max(second, TVector.ConditionalSelect(inside, TVector.LoadPartial(logits + vectors, rest), TVector.Broadcast(float.NegativeInfinity)));
        }

        return TVector.Max(first, second).LargestLane();
    }

    /// <summary>Makes the gradient of the powers that stand in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TWeights, TVector>(float* gradient, long start, long vectors, int rest, TWeights weights, float powerScale, float weightScale)
        where TWeights : struct, ITargetWeights
        where TVector : struct, ISimdVector<TVector>
    {
        var powerScales = TVector.Broadcast(powerScale);
        var weightScales = TVector.Broadcast(-weightScale);
        for (var column = 0L; column < vectors; column += TVector.Count)
        {
            var slope = TVector.Load(gradient + column) * powerScales;
            if (TWeights.HaveAny)
            {
                slope = TVector.MultiplyAdd(weights.At<TVector>(start + column, column), weightScales, slope);
            }

            slope.Store(gradient + column);
        }

        if (rest > 0)
        {
            var slope = TVector.LoadPartial(gradient + vectors, rest) * powerScales;
            if (TWeights.HaveAny)
            {
                slope = TVector.MultiplyAdd(weights.PartAt<TVector>(start + vectors, vectors, rest), weightScales, slope);
            }

            slope.StorePartial(gradient + vectors, rest);
        }
    }
}
