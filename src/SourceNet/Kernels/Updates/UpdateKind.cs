namespace SourceNet.Kernels.Updates;

/// <summary>Which rule a parameter follows: an <see cref="IUpdateRule"/> by name.</summary>
internal enum UpdateKind
{
    Adam,
    AmsGrad,
    Descent,
    Momentum,
    Nesterov,
}
