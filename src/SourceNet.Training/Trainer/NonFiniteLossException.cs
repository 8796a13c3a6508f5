namespace SourceNet.Training;

/// <summary>A loss, a gradient of it, or what was measured is NaN or infinite: no step after it would mean anything.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(string what, int epoch, long step, double loss, string diagnosis, string weights)
        : base(FormattableString.Invariant($"{what} is {loss}: {diagnosis}. {weights}"))
    {
        Epoch = epoch;
        Step = step;
        Diagnosis = diagnosis;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step, counted over all epochs from 1; for what is measured the last one before.</summary>
    public long Step { get; }

    /// <summary>What is not finite first on the way to the loss, or has a gradient that is not, and why that may be.</summary>
    public string Diagnosis { get; }

    /// <summary>Of a step, which was not taken.</summary>
    internal static NonFiniteLossException OfStep(int epoch, long step, double loss, string diagnosis, string weights) =>
        new(FormattableString.Invariant($"The loss of step {step}, in epoch {epoch},"), epoch, step, loss, diagnosis, weights);

    /// <summary>Of a measurement.</summary>
    internal static NonFiniteLossException OfMeasure(string what, int epoch, long step, double value, string diagnosis, string weights) =>
        new(FormattableString.Invariant($"The {what} after epoch {epoch}"), epoch, step, value, diagnosis, weights);
}
