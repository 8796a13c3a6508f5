namespace SourceNet.Kernels.Steps;

/// <summary>Which of the rules a parameter follows: <see cref="IStepRule"/> by name.</summary>
internal enum StepRule
{
    Adam,
    AmsGrad,
    Descent,
    Momentum,
    Nesterov,
}
