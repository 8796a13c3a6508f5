using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>One row of logits: its loss, and its gradient if somebody wants it.</summary>
internal static unsafe class SoftmaxRow
{
    /// <summary>So many columns are summed as floats before the sum goes on in double precision; a multiple of every vector's width.</summary>
    private const int Block = 512;

    /// <summary>Lanes of ones as bits for the first lanes, of zeros for those after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Inside<TLanes>(int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LessBits(TLanes.CountingBits, TLanes.AllBits((uint)count));

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
    internal static double Loss<TWeights, TLanes>(float* logits, long start, long classes, TWeights weights, long target, float peak, float scale, float* gradient)
        where TWeights : struct, ITargetWeights
        where TLanes : struct, ILanes<TLanes>
    {
        var rest = (int)(classes % TLanes.Count);
        var vectors = classes - rest;
        var inside = Inside<TLanes>(rest);
        var largest = Largest<TLanes>(logits, vectors, rest, inside);
        var highest = TLanes.All(largest);

        double powerSum = 0, factorSum = 0, productSum = 0;
        for (var block = 0L; block < vectors; block += Block)
        {
            var end = Math.Min(vectors, block + Block);
            var sum = TLanes.All(0);
            var total = TLanes.All(0);
            var product = TLanes.All(0);
            for (var column = block; column < end; column += TLanes.Count)
            {
                var difference = TLanes.Load(logits + column) - highest;
                var power = Elementary.Exp(difference);
                sum += power;
                if (gradient is not null)
                {
                    power.Store(gradient + column);
                }

                if (TWeights.HaveAny)
                {
                    var weight = weights.At<TLanes>(start + column, column);
                    total += weight;
                    product = TLanes.MultiplyAdd(weight, difference, product);
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
            var difference = TLanes.Select(inside, TLanes.LoadPart(logits + vectors, rest) - highest, TLanes.All(0));
            var power = Elementary.Exp(difference) & inside;
            powerSum += power.Sum();
            if (gradient is not null)
            {
                power.StorePart(gradient + vectors, rest);
            }

            if (TWeights.HaveAny)
            {
                var weight = weights.PartAt<TLanes>(start + vectors, vectors, rest);
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
            Finish<TWeights, TLanes>(gradient, start, vectors, rest, weights, scale * weightSum / powers, scale);
            if (target >= 0)
            {
                gradient[target] -= scale * peak;
            }
        }

        return loss;
    }

    /// <summary>The largest logit. In a row with one that is not a number anything: its sum of powers is not a number then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest<TLanes>(float* logits, long vectors, int rest, TLanes inside)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = TLanes.All(float.NegativeInfinity);
        var second = first;
        var column = 0L;
        for (; column <= vectors - (2 * TLanes.Count); column += 2 * TLanes.Count)
        {
            first = TLanes.AtLeast(first, TLanes.Load(logits + column));
            second = TLanes.AtLeast(second, TLanes.Load(logits + column + TLanes.Count));
        }

        if (column < vectors)
        {
            first = TLanes.AtLeast(first, TLanes.Load(logits + column));
        }

        if (rest > 0)
        {
            second = TLanes.AtLeast(second, TLanes.Select(inside, TLanes.LoadPart(logits + vectors, rest), TLanes.All(float.NegativeInfinity)));
        }

        return TLanes.AtLeast(first, second).Max();
    }

    /// <summary>Makes the gradient of the powers that stand in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TWeights, TLanes>(float* gradient, long start, long vectors, int rest, TWeights weights, float powerScale, float weightScale)
        where TWeights : struct, ITargetWeights
        where TLanes : struct, ILanes<TLanes>
    {
        var powerScales = TLanes.All(powerScale);
        var weightScales = TLanes.All(-weightScale);
        for (var column = 0L; column < vectors; column += TLanes.Count)
        {
            var slope = TLanes.Load(gradient + column) * powerScales;
            if (TWeights.HaveAny)
            {
                slope = TLanes.MultiplyAdd(weights.At<TLanes>(start + column, column), weightScales, slope);
            }

            slope.Store(gradient + column);
        }

        if (rest > 0)
        {
            var slope = TLanes.LoadPart(gradient + vectors, rest) * powerScales;
            if (TWeights.HaveAny)
            {
                slope = TLanes.MultiplyAdd(weights.PartAt<TLanes>(start + vectors, vectors, rest), weightScales, slope);
            }

            slope.StorePart(gradient + vectors, rest);
        }
    }
}
