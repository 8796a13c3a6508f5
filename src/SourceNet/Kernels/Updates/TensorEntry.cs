namespace SourceNet.Kernels.Updates;

/// <summary>One parameter in a step: where its floats lie, and what is done to them.</summary>
internal struct TensorEntry
{
    internal TensorPointers Pointers;
    internal long Count;
    internal UpdateKind Kind;
    internal UpdateCoefficients Coefficients;
}
