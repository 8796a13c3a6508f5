namespace SourceNet;

/// <summary>
/// Ends training when the loss on the validation set has not improved for some epochs, and goes back to the best weights (Prechelt 1998). The <c>Trainer</c>
/// of SourceNet.Training does it; a loop of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
/// <param name="patience">For how many epochs without improvement training goes on, at least 1.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EarlyStoppingAttribute(int patience) : Attribute
{
    /// <summary>For how many epochs without improvement training goes on, at least 1.</summary>
    public int Patience { get; } = patience;
}
