namespace SourceNet.Kernels.Batches;

/// <summary>The few numbers of each channel, in double precision.</summary>
internal static unsafe class BatchNumbers
{
    /// <summary>From the statistics of this batch. Moves the running ones, as libtorch does: the variance that is remembered is the unbiased one.</summary>
    internal static void FromBatch(in BatchPlace place, long channel, in Moments moments)
    {
        var variance = moments.Squares / moments.Count;
        Set(place, channel, moments.Mean, variance);
        if (place.RunningMean is not null)
        {
            place.RunningMean[channel] = (float)((place.Momentum * moments.Mean) + ((1 - place.Momentum) * place.RunningMean[channel]));
        }

        if (place.RunningVariance is not null)
        {
            place.RunningVariance[channel] = (float)((place.Momentum * moments.Squares / (moments.Count - 1)) + ((1 - place.Momentum) * place.RunningVariance[channel]));
        }
    }

    /// <summary>From given statistics.</summary>
    internal static void Set(in BatchPlace place, long channel, double mean, double variance)
    {
        var rounded = (float)mean;
        place.Mean[channel] = rounded;
        place.Excess[channel] = (float)(rounded - mean);
        place.Inverse[channel] = (float)(1 / Math.Sqrt(variance + place.Epsilon));
        SetLine(place, channel);
    }

    /// <summary>The line that an element goes through. The same in both passes, so that an activation has its kinks at the same elements.</summary>
    internal static void SetLine(in BatchPlace place, long channel)
    {
        var scale = place.Weight is null ? place.Inverse[channel] : place.Weight[channel] * place.Inverse[channel];
        place.Scale[channel] = scale;
        // A large mean loses digits when it is rounded. What it lost is given back here.
        place.Shift[channel] = (float)((place.Bias is null ? 0 : place.Bias[channel]) + ((double)place.Excess[channel] * scale));
    }

    /// <summary>From the sums over a channel, the gradients of weight and bias and what the gradient of x is made with.</summary>
    /// <param name="place">Where they go.</param>
    /// <param name="channel">Which.</param>
    /// <param name="sum">Σ g, with g the gradient of what the activation is applied to.</param>
    /// <param name="product">Σ g · (x − the rounded mean)</param>
    internal static void FromSums(in BatchPlace place, long channel, double sum, double product)
    {
        var inverse = (double)place.Inverse[channel];
        var excess = (double)place.Excess[channel];
        product += excess * sum;
        if (place.WeightGradient is not null)
        {
            place.WeightGradient[channel] = (float)(product * inverse);
        }

        if (place.BiasGradient is not null)
        {
            place.BiasGradient[channel] = (float)sum;
        }

        if (place.OfBatch)
        {
            var scale = place.Scale[channel];
            var pull = scale * inverse * inverse * product / place.CountInChannel;
            place.Pull[channel] = (float)-pull;
            place.Level[channel] = (float)((-scale * sum / place.CountInChannel) - (excess * pull));
        }
    }
}
