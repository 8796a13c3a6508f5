namespace SourceNet;

/// <summary>
/// How many samples a model is trained on: rules about strategy (SN7001 to SN7005) compare its regularization with what is usual for so many. Changes nothing
/// at run time.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TrainedOnAttribute : Attribute
{
    /// <param name="samples">The number of training samples, at least 1.</param>
    public TrainedOnAttribute(long samples) => Samples = samples;

    /// <summary>The number of training samples.</summary>
    public long Samples { get; }
}
