using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>A function of lanes, applied to arrays at a width of choice.</summary>
internal abstract unsafe class VectorFunction
{
    protected abstract TVector Apply<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>;

    internal float[] Of(float[] values, int width) => width switch
    {
        4 => Of<SimdVector128>(values),
        8 => Of<SimdVector256>(values),
        _ => Of<SimdVector512>(values),
    };

    private float[] Of<TVector>(float[] values)
        where TVector : struct, ISimdVector<TVector>
    {
        var results = new float[values.Length];
        fixed (float* source = values, target = results)
        {
            var index = 0;
            for (; index + TVector.Count <= values.Length; index += TVector.Count)
            {
                Apply(TVector.Load(source + index)).Store(target + index);
            }

            if (index < values.Length)
            {
                Apply(TVector.LoadPartial(source + index, values.Length - index)).StorePartial(target + index, values.Length - index);
            }
        }

        return results;
    }
}
