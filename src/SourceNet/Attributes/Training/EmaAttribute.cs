namespace SourceNet;

/// <summary>
/// Keeps an exponential moving average of the weights, which is evaluated and saved in their place (Polyak and Juditsky 1992). The <c>Trainer</c> of
/// SourceNet.Training does it; a loop of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EmaAttribute : Attribute
{
    /// <param name="decay">What the average keeps of itself at each step, in (0, 1).</param>
    public EmaAttribute(double decay = 0.999) => Decay = decay;

    /// <param name="decay">What the average keeps of itself at each step, in (0, 1), as an expression over constructor parameters and constants:
    /// <c>nameof(decay)</c>.</param>
    public EmaAttribute(string decay) => Decay = decay;

    /// <summary>What the average keeps of itself at each step, in (0, 1): a <see cref="double"/> or an expression.</summary>
    public object Decay { get; }

    /// <summary>
    /// Whether the average keeps less of itself in its first steps, <c>min(decay, (1 + n) / (10 + n))</c> after n of them, so that the random beginning does
    /// not stay in it.
    /// </summary>
    public bool WarmUp { get; set; } = true;
}
