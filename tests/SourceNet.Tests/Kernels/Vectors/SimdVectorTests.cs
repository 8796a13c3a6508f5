using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

public sealed unsafe class SimdVectorTests
{
    [Fact]
    public void A_part_is_loaded_and_stored_without_touching_what_follows_it()
    {
        Check<SimdVector128>();
        Check<SimdVector256>();
        Check<SimdVector512>();

        static void Check<TVector>()
            where TVector : struct, ISimdVector<TVector>
        {
            float[] source = [.. Enumerable.Range(1, TVector.Count).Select(number => (float)number)];
            for (var count = 0; count < TVector.Count; count++)
            {
                var target = Enumerable.Repeat(-1f, TVector.Count).ToArray();
                var all = new float[TVector.Count];
                fixed (float* from = source, to = target, whole = all)
                {
                    var lanes = TVector.LoadPartial(from, count);
                    lanes.StorePartial(to, count);
                    lanes.Store(whole);
                    Assert.Equal(count * (count + 1) / 2, lanes.Sum());
                }

                Assert.Equal(source.Take(count).Concat(Enumerable.Repeat(-1f, TVector.Count - count)), target);
                Assert.Equal(source.Take(count).Concat(Enumerable.Repeat(0f, TVector.Count - count)), all);
            }
        }
    }

    [Fact]
    public void Limits_keep_what_is_not_a_number()
    {
        Check<SimdVector128>();
        Check<SimdVector256>();
        Check<SimdVector512>();

        static void Check<TVector>()
            where TVector : struct, ISimdVector<TVector>
        {
            var values = new float[TVector.Count];
            fixed (float* target = values)
            {
                TVector.Max(TVector.Broadcast(float.NaN), TVector.Broadcast(1)).Store(target);
                Assert.Equal(float.NaN, values[0]);
                TVector.Min(TVector.Broadcast(float.NaN), TVector.Broadcast(1)).Store(target);
                Assert.Equal(float.NaN, values[0]);
                TVector.Min(TVector.Broadcast(2), TVector.Broadcast(1)).Store(target);
                Assert.Equal(1, values[0]);
                TVector.Max(TVector.Broadcast(0), TVector.Broadcast(1)).Store(target);
                Assert.Equal(1, values[0]);
            }
        }
    }
}
