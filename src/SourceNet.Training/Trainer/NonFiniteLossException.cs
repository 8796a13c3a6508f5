namespace SourceNet.Training;

/// <summary>A loss is NaN or infinite: no step after it would mean anything.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(int epoch, long step, double loss, string culprit)
        : base(FormattableString.Invariant($"The loss of step {step}, in epoch {epoch}, is {loss}: {culprit}. The model keeps the weights from before this step."))
    {
        Epoch = epoch;
        Step = step;
        Culprit = culprit;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step, counted over all epochs from 1.</summary>
    public long Step { get; }

    /// <summary>The first tensor on the way to the loss that is not finite.</summary>
    public string Culprit { get; }
}
