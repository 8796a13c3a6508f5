namespace SourceNet.Training;

/// <summary>How a model relates to its data.</summary>
public enum Fit
{
    /// <summary>It is not even good on training data.</summary>
    Underfitting,
    /// <summary>It is good on training data, and about as good on validation data.</summary>
    Fitting,
    /// <summary>It is better on training data by far, or gets worse on validation data while it improves there.</summary>
    Overfitting,
}
