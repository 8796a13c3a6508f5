namespace SourceNet.Kernels.Batches;

/// <summary>The few numbers of each channel, in double precision.</summary>
internal static unsafe class ChannelStatistics
{
    /// <summary>From the statistics of this batch. Moves the running ones, as libtorch does: the variance that is remembered is the unbiased one.</summary>
    internal static void FromBatch(in BatchNormArguments arguments, long channel, in Moments moments)
    {
        var variance = moments.Squares / moments.Count;
        Set(arguments, channel, moments.Mean, variance);
        if (arguments.RunningMean is not null)
        {
            arguments.RunningMean[channel] = (float)((arguments.Momentum * moments.Mean) + ((1 - arguments.Momentum) * arguments.RunningMean[channel]));
        }

        if (arguments.RunningVariance is not null)
        {
            arguments.RunningVariance[channel] = (float)((arguments.Momentum * moments.Squares / (moments.Count - 1))
                + ((1 - arguments.Momentum) * arguments.RunningVariance[channel]));
        }
    }

    /// <summary>From given statistics.</summary>
    internal static void Set(in BatchNormArguments arguments, long channel, double mean, double variance)
    {
        var rounded = (float)mean;
        arguments.Mean[channel] = rounded;
        arguments.MeanRoundingError[channel] = (float)(rounded - mean);
        arguments.InverseDeviation[channel] = (float)(1 / Math.Sqrt(variance + arguments.Epsilon));
        SetLine(arguments, channel);
    }

    /// <summary>The line that an element goes through. The same in both passes, so that an activation has its kinks at the same elements.</summary>
    internal static void SetLine(in BatchNormArguments arguments, long channel)
    {
        var scale = arguments.Weight is null ? arguments.InverseDeviation[channel] : arguments.Weight[channel] * arguments.InverseDeviation[channel];
        arguments.Scale[channel] = scale;
        // A large mean loses digits when it is rounded. What it lost is given back here.
        arguments.Shift[channel] = (float)((arguments.Bias is null ? 0 : arguments.Bias[channel]) + ((double)arguments.MeanRoundingError[channel] * scale));
    }

    /// <summary>From the sums over a channel, the gradients of weight and bias and what the gradient of x is made with.</summary>
    /// <param name="arguments">Where they go.</param>
    /// <param name="channel">Which.</param>
    /// <param name="sums">Of the whole channel.</param>
    internal static void FromSums(in BatchNormArguments arguments, long channel, in GradientSums sums)
    {
        var inverse = (double)arguments.InverseDeviation[channel];
        var error = (double)arguments.MeanRoundingError[channel];
        var sum = sums.Sum;
        var product = sums.Product + (error * sum);
        if (arguments.WeightGradient is not null)
        {
            arguments.WeightGradient[channel] = (float)(product * inverse);
        }

        if (arguments.BiasGradient is not null)
        {
            arguments.BiasGradient[channel] = (float)sum;
        }

        if (arguments.OfBatch)
        {
            var scale = arguments.Scale[channel];
            var slope = scale * inverse * inverse * product / arguments.CountInChannel;
            arguments.GradSlope[channel] = (float)-slope;
            arguments.GradOffset[channel] = (float)((-scale * sum / arguments.CountInChannel) - (error * slope));
        }
    }
}
