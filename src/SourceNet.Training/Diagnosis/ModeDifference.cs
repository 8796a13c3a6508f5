namespace SourceNet.Training;

/// <summary>How far apart two outputs of a model for one batch are.</summary>
/// <param name="Largest">The largest absolute difference of two numbers.</param>
/// <param name="Relative">The L2 norm of the difference over that of the output in eval mode. 0 if both are 0, infinite if only the latter is.</param>
public readonly record struct ModeDifference(double Largest, double Relative);
