namespace SourceNet;

/// <summary>What an objective was computed of.</summary>
/// <param name="Kind">Which one it is.</param>
/// <param name="ClassAxis">
/// The axis of the logits that counts the classes, from 0, for <see cref="ObjectiveKind.CrossEntropy"/>; −1 for every other objective.
/// </param>
/// <param name="IgnoreIndex">The class index that does not count, for <see cref="ObjectiveKind.CrossEntropy"/>; 0 for every other objective.</param>
/// <param name="Counted">
/// What the mean was divided by: the number of targets that count, or the sum of their weights. Means over batches, weighted by it, are the mean over all of
/// them together. 0 if every target is ignored,
/// where the mean is not a number.
/// </param>
public sealed record ObservedObjective(ObjectiveKind Kind, int ClassAxis, long IgnoreIndex, double Counted);
