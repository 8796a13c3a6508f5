namespace SourceNet.Training;

/// <summary>How far the statistics of a batch are from the running statistics of a norm.</summary>
/// <param name="Path">The norm's path from the model.</param>
/// <param name="Mean">The largest distance of a channel's means, in running standard deviations.</param>
/// <param name="Variance">The largest ratio of a channel's variances, the larger one over the smaller one: at least 1. Not-a-number for one number per
/// channel, which has no variance.</param>
public sealed record NormShift(string Path, double Mean, double Variance);
