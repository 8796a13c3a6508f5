namespace SourceNet.Data;

/// <summary>What stands for numbers that are missing.</summary>
public enum MissingValues
{
    /// <summary>Nothing: a missing number is an error.</summary>
    Fail,

    /// <summary>The mean of the training rows.</summary>
    Mean,

    /// <summary>The median of the training rows.</summary>
    Median,

    /// <summary>The mean of the training rows, and one feature more, which is 1 where the number is missing and 0 elsewhere.</summary>
    Indicator,
}
