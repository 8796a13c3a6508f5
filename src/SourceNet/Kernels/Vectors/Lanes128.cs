using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Vectors;

/// <summary>Four floats: SSE, and Neon on ARM.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> vector) : ILanes<Lanes128>
{
    private readonly Vector128<float> vector = vector;

    public static int Count => Vector128<float>.Count;

    private static Vector128<int> Numbers => Vector128.Create(0, 1, 2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadFirst(float* source, int count)
    {
        var buffer = Vector128<float>.Zero;
        Unsafe.CopyBlockUnaligned(&buffer, source, (uint)count * sizeof(float));
        return new(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 All(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 First(int count) => new(Vector128.LessThan(Numbers, Vector128.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator &(Lanes128 left, Lanes128 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator |(Lanes128 left, Lanes128 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a.vector, b.vector, c.vector)
        : AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c.vector, a.vector, b.vector)
        : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 value) => new(Vector128.Abs(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SignOf(Lanes128 value) => new(value.vector & Vector128.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Less(Lanes128 left, Lanes128 right) => new(Vector128.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LessOrEqual(Lanes128 left, Lanes128 right) => new(Vector128.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 one, Lanes128 other) => new(Vector128.ConditionalSelect(mask.vector, one.vector, other.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 value) => new(
        // Adding 1.5 · 2²³ leaves no place for a fraction.
        Sse41.IsSupported ? Sse41.RoundToNearestInteger(value.vector) : value.vector + Vector128.Create(12582912f) - Vector128.Create(12582912f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 value, Lanes128 exponent)
    {
        // In two steps, because 2ⁿ itself may not be a float.
        var half = Round(exponent * All(0.5f));
        return new(value.vector * PowerOfTwo(half.vector) * PowerOfTwo(exponent.vector - half.vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Exponent(Lanes128 value) => new(Vector128.ConvertToSingle((Vector128.ShiftRightLogical(value.vector.AsInt32(), 23) & Vector128.Create(255)) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Mantissa(Lanes128 value) => new(((value.vector.AsInt32() & Vector128.Create(0x7fffff)) | Vector128.Create(0x3f800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Shrink(Lanes128 value, Lanes128 threshold)
    {
        var inside = Vector128.LessThanOrEqual(Vector128.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector128.Create(-0f));
        return new(Vector128.AndNot(value.vector - signed, inside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AtLeast(Lanes128 value, Lanes128 floor) => new(
        // The instruction gives the second of two where one is not a number.
        Sse.IsSupported ? Sse.Max(floor.vector, value.vector) : Vector128.ConditionalSelect(Vector128.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AtMost(Lanes128 value, Lanes128 ceiling) => new(
        Sse.IsSupported ? Sse.Min(ceiling.vector, value.vector) : Vector128.ConditionalSelect(Vector128.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Keep(in KeepMask mask, uint index)
    {
        var bits = (Vector128.Create(index) + Numbers.AsUInt32()) ^ Vector128.Create(mask.Low);
        bits ^= Vector128.ShiftRightLogical(bits, 16);
        bits *= Vector128.Create(KeepMask.First);
        bits ^= Vector128.ShiftRightLogical(bits, 15);
        bits = (bits + Vector128.Create(mask.High)) * Vector128.Create(KeepMask.Second);
        bits ^= Vector128.ShiftRightLogical(bits, 16);
        bits *= Vector128.Create(KeepMask.Third);
        bits ^= Vector128.ShiftRightLogical(bits, 15);
        // Of 24 bits, because signed comparison is what every machine has.
        return new(Vector128.GreaterThanOrEqual(Vector128.ShiftRightLogical(bits, 8).AsInt32(), Vector128.Create(mask.Threshold)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 value) => Vector128.Sum(value.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes128 value)
    {
        var pairs = Larger(value, new(Vector128.Shuffle(value.vector, Vector128.Create(2, 3, 0, 1))));
        return Larger(pairs, new(Vector128.Shuffle(pairs.vector, Vector128.Create(1, 0, 3, 2)))).vector.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFirst(float* target, int count)
    {
        var buffer = vector;
        Unsafe.CopyBlockUnaligned(target, &buffer, (uint)count * sizeof(float));
    }

    /// <summary>The larger of two in each lane; not-a-number if one is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Lanes128 Larger(Lanes128 left, Lanes128 right) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(left.vector, right.vector) | ~Vector128.Equals(right.vector, right.vector), right.vector, left.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> exponent) => ((Vector128.ConvertToInt32(exponent) + Vector128.Create(127)) << 23).AsSingle();
}
