using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>
/// The loss of rows, and their gradient at once. A row's target q is (1 − ε) · t + ε / C, weighted by class; its loss is <c>Σq · log Σeˣ − Σq·x</c>, whose gradient is <c>softmax(x) · Σq − q</c>.
/// </summary>
/// <param name="place">Where it reads and writes.</param>
/// <param name="weightSum">The sum of the class weights, C without them.</param>
internal readonly unsafe struct CrossEntropyWork(CrossEntropyPlace place, double weightSum) : IChunkWork
{
    private readonly CrossEntropyPlace place = place;
    private readonly double weightSum = weightSum;

    public void Run(int chunk)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes512>(chunk);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Lanes256>(chunk);
        }
        else
        {
            Run<Lanes128>(chunk);
        }
    }

    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = (long)chunk * place.RowsPerChunk;
        var end = Math.Min(place.Rows, first + place.RowsPerChunk);
        var loss = 0.0;
        for (var row = first; row < end; row++)
        {
            loss += place.Probabilities is null ? ClassRow<TLanes>(row) : ProbabilityRow<TLanes>(row);
        }

        place.Losses[chunk] = loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private double ClassRow<TLanes>(long row)
        where TLanes : struct, ILanes<TLanes>
    {
        var target = place.Classes64[row];
        var x = place.Logits + (row * place.Classes);
        var gradient = place.Gradient is null ? null : place.Gradient + (row * place.Classes);
        if (target == place.Ignored)
        {
            if (gradient is not null)
            {
                new Span<float>(gradient, place.Classes).Clear();
            }

            return 0;
        }

        var (largest, exponentials, weighted) = Sums<TLanes>(x, gradient, place.Smoothing > 0 ? place.ClassWeights : null, place.Smoothing > 0);
        var logSum = Math.Log(exponentials);
        var own = (1 - place.Smoothing) * (place.ClassWeights is null ? 1 : place.ClassWeights[target]);
        var each = place.Smoothing / place.Classes;
        // Relative to the largest logit, so that large ones do not cancel.
        var total = own + (each * weightSum);
        var loss = (total * logSum) - (own * ((double)x[target] - largest)) - (each * weighted);
        if (gradient is not null)
        {
            Scale<TLanes>(gradient, (float)(total / exponentials / place.Divisor), (float)(each / place.Divisor));
            gradient[target] -= (float)(own / place.Divisor);
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private double ProbabilityRow<TLanes>(long row)
        where TLanes : struct, ILanes<TLanes>
    {
        var x = place.Logits + (row * place.Classes);
        var t = place.Probabilities + (row * place.Classes);
        var gradient = place.Gradient is null ? null : place.Gradient + (row * place.Classes);
        var (largest, exponentials, _) = Sums<TLanes>(x, gradient, null, false);
        double total = 0, product = 0;
        var each = place.Smoothing / place.Classes;
        for (var i = 0; i < place.Classes; i++)
        {
            var q = (((1.0 - place.Smoothing) * t[i]) + each) * (place.ClassWeights is null ? 1 : place.ClassWeights[i]);
            total += q;
            product += q * ((double)x[i] - largest);
        }

        if (gradient is not null)
        {
            var share = total / exponentials / place.Divisor;
            for (var i = 0; i < place.Classes; i++)
            {
                var q = (((1.0 - place.Smoothing) * t[i]) + each) * (place.ClassWeights is null ? 1 : place.ClassWeights[i]);
                gradient[i] = (float)((gradient[i] * share) - (q / place.Divisor));
            }
        }

        return (total * Math.Log(exponentials)) - product;
    }

    /// <summary>The largest logit m, Σe^(x − m), and Σw·(x − m) if smoothing asks for it; the exponentials go to where the gradient will be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (float Largest, double Exponentials, double Weighted) Sums<TLanes>(float* x, float* exponentials, float* weights, bool smooths)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Block = 4096;
        var classes = place.Classes;
        var tops = TLanes.All(float.NegativeInfinity);
        var i = 0;
        for (; i <= classes - TLanes.Count; i += TLanes.Count)
        {
            var value = TLanes.Load(x + i);
            tops = TLanes.AtLeast(value, tops);
        }

        var top = TLanes.Largest(tops);
        for (; i < classes; i++)
        {
            top = MathF.Max(top, x[i]);
        }

        // All logits −∞ have no softmax; as in libtorch it is not a number then.
        var means = TLanes.All(top);
        double sum = 0, weighted = 0;
        for (var start = 0; start < classes; start += Block)
        {
            var end = Math.Min(classes, start + Block);
            TLanes blockSum = default, blockWeighted = default;
            i = start;
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                var apart = TLanes.Load(x + i) - means;
                var e = Elementary.Exp(apart);
                blockSum += e;
                if (smooths)
                {
                    blockWeighted = weights is null ? blockWeighted + apart : TLanes.MultiplyAdd(apart, TLanes.Load(weights + i), blockWeighted);
                }

                if (exponentials is not null)
                {
                    e.Store(exponentials + i);
                }
            }

            if (i < end)
            {
                var inside = TLanes.First(end - i);
                var apart = TLanes.LoadFirst(x + i, end - i) - means;
                var e = Elementary.Exp(apart) & inside;
                blockSum += e;
                if (smooths)
                {
                    apart &= inside;
                    blockWeighted = weights is null ? blockWeighted + apart : TLanes.MultiplyAdd(apart, TLanes.LoadFirst(weights + i, end - i), blockWeighted);
                }

                if (exponentials is not null)
                {
                    e.StoreFirst(exponentials + i, end - i);
                }
            }

            sum += TLanes.Sum(blockSum);
            weighted += TLanes.Sum(blockWeighted);
        }

        return (top, sum, weighted);
    }

    /// <summary>gradient · share − each · weight</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale<TLanes>(float* gradient, float share, float each)
        where TLanes : struct, ILanes<TLanes>
    {
        var classes = place.Classes;
        var weights = place.ClassWeights;
        var shares = TLanes.All(share);
        var less = TLanes.All(-each);
        for (var i = 0; i < classes; i += TLanes.Count)
        {
            var lanes = Math.Min(TLanes.Count, classes - i);
            var part = weights is null ? less : less * LanesMemory.Load<TLanes>(weights + i, lanes);
            TLanes.MultiplyAdd(LanesMemory.Load<TLanes>(gradient + i, lanes), shares, part).StoreLanes(gradient + i, lanes);
        }
    }
}
