using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>The factor of each class in a row's loss, <c>Σ aᵢ (log Σ eˣ − xᵢ)</c>, but for the class of an index, which the row adds itself.</summary>
internal interface ITargetWeights
{
    /// <summary>False if all are 0. The row then leaves them out.</summary>
    static abstract bool HaveAny { get; }

    /// <param name="index">The first lane's element, counted from the start of the logits.</param>
    /// <param name="column">The first lane's class.</param>
    TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector>;

    /// <summary>As <see cref="At"/>, with zeros after the first lanes.</summary>
    /// <param name="index">The first lane's element, counted from the start of the logits.</param>
    /// <param name="column">The first lane's class.</param>
    /// <param name="count">How many lanes lie inside the row.</param>
    TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector>;
}
