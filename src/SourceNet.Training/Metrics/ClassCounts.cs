namespace SourceNet.Training;

/// <summary>True and false positives and negatives of one class or label.</summary>
/// <param name="Right">How many of it are predicted as it.</param>
/// <param name="Predicted">How many are predicted as it.</param>
/// <param name="Actual">How many are of it.</param>
internal readonly record struct ClassCounts(long Right, long Predicted, long Actual)
{
    /// <summary>Null for a class that does not occur, neither in the data nor in the predictions; 0 for 0/0 of one that does.</summary>
    internal double? Precision => Share(Right, Predicted);

    internal double? Recall => Share(Right, Actual);

    internal double? F1 => Share(2 * Right, Predicted + Actual);

    private double? Share(long part, long whole) => Predicted + Actual == 0 ? null : whole == 0 ? 0 : (double)part / whole;
}
