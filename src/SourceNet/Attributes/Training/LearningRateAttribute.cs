namespace SourceNet;

/// <summary>
/// Multiplies the optimizer's learning rate for all parameters of a block or part, biases and norms included: <c>[LearningRate(0.1)]</c> on what was trained
/// before (Howard and Ruder 2018 call it discriminative fine-tuning).
/// </summary>
/// <remarks>
/// On the class: the default of every block and part. Inside a part that is a model with factors of its own, both are multiplied. Parameter groups carry it as
/// <see cref="RegularizedGroup.LearningRateFactor"/>, and schedules multiply what comes out.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LearningRateAttribute : Attribute
{
    /// <param name="factor">What the learning rate is multiplied with, above 0; 1 switches the class's default off.</param>
    public LearningRateAttribute(double factor) => Factor = factor;

    /// <param name="factor">The factor as an expression over constructor parameters and constants: <c>nameof(factor)</c>.</param>
    public LearningRateAttribute(string factor) => Factor = factor;

    /// <summary>What the learning rate is multiplied with, above 0: a <see cref="double"/> or an expression.</summary>
    public object Factor { get; }
}
