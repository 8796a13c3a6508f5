using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SourceNet.Kernels.Vectors;

/// <summary>Eight floats: AVX2.</summary>
internal readonly unsafe struct SimdVector256(Vector256<float> vector) : ISimdVector<SimdVector256>
{
    private readonly Vector256<float> vector = vector;

    internal Vector256<float> Vector => vector;

    public static int Count => Vector256<float>.Count;

    public static SimdVector256 Indices
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 LoadPartial(float* source, int count) =>
        Avx.IsSupported
            ? new(Avx.MaskLoad(source, Mask(count)))
            : count < SimdVector128.Count
            ? new(Vector256.Create(SimdVector128.LoadPartial(source, count).Vector, Vector128<float>.Zero))
            : new(Vector256.Create(Vector128.Load(source), SimdVector128.LoadPartial(source + SimdVector128.Count, count - SimdVector128.Count).Vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator +(SimdVector256 left, SimdVector256 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator -(SimdVector256 left, SimdVector256 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator *(SimdVector256 left, SimdVector256 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator /(SimdVector256 left, SimdVector256 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator &(SimdVector256 left, SimdVector256 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator |(SimdVector256 left, SimdVector256 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator ^(SimdVector256 left, SimdVector256 right) => new(left.vector ^ right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator >(SimdVector256 left, SimdVector256 right) => new(Vector256.GreaterThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator <(SimdVector256 left, SimdVector256 right) => new(Vector256.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator >=(SimdVector256 left, SimdVector256 right) => new(Vector256.GreaterThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 operator <=(SimdVector256 left, SimdVector256 right) => new(Vector256.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 ConditionalSelect(SimdVector256 condition, SimdVector256 yes, SimdVector256 no) =>
        new(Vector256.ConditionalSelect(condition.vector, yes.vector, no.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 MultiplyAdd(SimdVector256 a, SimdVector256 b, SimdVector256 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a.vector, b.vector, c.vector) : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Sqrt(SimdVector256 value) => new(Vector256.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Reciprocal(SimdVector256 value) => new(Vector256<float>.One / value.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 SoftThreshold(SimdVector256 value, SimdVector256 threshold)
    {
        var inside = Vector256.LessThanOrEqual(Vector256.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector256.Create(-0f));
        return new(Vector256.AndNot(value.vector - signed, inside));
    }

    // Of two operands of which one is not a number, the machine's instruction yields the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Max(SimdVector256 value, SimdVector256 floor) => new(
        Avx.IsSupported ? Avx.Max(floor.vector, value.vector)
        : Vector256.ConditionalSelect(Vector256.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 Min(SimdVector256 value, SimdVector256 ceiling) => new(
        Avx.IsSupported ? Avx.Min(ceiling.vector, value.vector)
        : Vector256.ConditionalSelect(Vector256.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 ScaleB(SimdVector256 value, SimdVector256 power) => Elementary.ScaleInHalves(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 BroadcastBits(uint pattern) => new(Vector256.Create(pattern).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 AddBits(SimdVector256 left, SimdVector256 right) => new((left.vector.AsUInt32() + right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 MultiplyBits(SimdVector256 left, SimdVector256 right) => new((left.vector.AsUInt32() * right.vector.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 ShiftBitsLeft(SimdVector256 bits, int places) => new(Vector256.ShiftLeft(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 ShiftBitsRight(SimdVector256 bits, int places) => new(Vector256.ShiftRightLogical(bits.vector.AsUInt32(), places).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdVector256 LessThanBits(SimdVector256 left, SimdVector256 right) =>
        new(Vector256.LessThan(left.vector.AsInt32(), right.vector.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double SquaredSum(float* source, long count)
    {
        var lowerSum = Vector256<double>.Zero;
        var upperSum = Vector256<double>.Zero;
        var index = 0L;
        for (; index <= count - Count; index += Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(source + index));
            lowerSum += lower * lower;
            upperSum += upper * upper;
        }

        if (index < count)
        {
            var (lower, upper) = Vector256.Widen(LoadPartial(source + index, (int)(count - index)).vector);
            lowerSum += lower * lower;
            upperSum += upper * upper;
        }

        return Vector256.Sum(lowerSum + upperSum);
    }

    public float FirstLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => vector.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumInDouble(SimdVector256 first, SimdVector256 second)
    {
        var (a, b) = Vector256.Widen(first.vector);
        var (c, d) = Vector256.Widen(second.vector);
        return Vector256.Sum(a + b + (c + d));
    }

    public float LargestLane() => SimdVector128.Max(new(vector.GetLower()), new(vector.GetUpper())).LargestLane();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* target, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, Mask(count), vector);
            return;
        }

        if (count < SimdVector128.Count)
        {
            new SimdVector128(vector.GetLower()).StorePartial(target, count);
            return;
        }

        vector.GetLower().Store(target);
        new SimdVector128(vector.GetUpper()).StorePartial(target + SimdVector128.Count, count - SimdVector128.Count);
    }

    /// <summary>The first lanes as the mask of a load or a store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(count)).AsSingle();
}
