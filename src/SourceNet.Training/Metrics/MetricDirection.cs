namespace SourceNet.Training;

/// <summary>Which way a number gets better.</summary>
public enum MetricDirection
{
    /// <summary>More is better: accuracy.</summary>
    Maximize,

    /// <summary>Less is better: an error, a loss.</summary>
    Minimize,
}
