namespace SourceNet.Kernels.Updates;

/// <summary>Which rule a parameter follows: an <see cref="IUpdateRule"/> by name.</summary>
internal enum UpdateKind
{
    Adam,
    AmsGrad,
    NAdam,
    Lamb,
    Descent,
    Momentum,
    Nesterov,
    Lion,
    RmsProp,
    RmsPropMomentum,
    CenteredRmsProp,
    CenteredRmsPropMomentum,
}
