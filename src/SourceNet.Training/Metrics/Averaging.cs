namespace SourceNet.Training;

/// <summary>How a number that is there for each class, or each label, becomes one.</summary>
public enum Averaging
{
    /// <summary>The mean over classes, each counting the same however few samples it has. Classes for which the number is not defined are left out.</summary>
    Macro,

    /// <summary>Over the decisions of all classes together: frequent classes weigh more.</summary>
    Micro,
}
