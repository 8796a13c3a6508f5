namespace SourceNet.Training;

/// <summary>Where classes are, and which target does not count, where it is not the objective that says it.</summary>
/// <param name="Axis">The axis of the classes; negative from the end; null for the objective's, or the one that the shapes tell.</param>
/// <param name="IgnoreIndex">The target that does not count; null for the objective's, or −100.</param>
internal readonly record struct ClassPlace(int? Axis, long? IgnoreIndex)
{
    internal (int Axis, long IgnoreIndex) In(MeasuredBatch batch, string metric)
    {
        var objective = batch.Objective;
        if (objective is not null && objective.Kind != ObjectiveKind.CrossEntropy)
        {
            throw new ArgumentException($"{metric} is of classes, and the objective is {objective.Kind}: leave it out of TrainerOptions.Metrics.");
        }

        var ignoreIndex = IgnoreIndex ?? objective?.IgnoreIndex ?? ClassTargets.NoIndex;
        return Axis is { } axis
            ? (axis < 0 ? (int)batch.Outputs.ndim + axis : axis, ignoreIndex)
            : (objective?.ClassAxis ?? ClassTargets.Axis(batch.Outputs, batch.Targets), ignoreIndex);
    }
}
