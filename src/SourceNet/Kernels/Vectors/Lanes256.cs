using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Vectors;

/// <summary>Eight floats: AVX2.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> vector) : ILanes<Lanes256>
{
    private readonly Vector256<float> vector = vector;

    public static int Count => Vector256<float>.Count;

    private static Vector256<int> Numbers => Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadFirst(float* source, int count)
    {
        var buffer = Vector256<float>.Zero;
        Unsafe.CopyBlockUnaligned(&buffer, source, (uint)count * sizeof(float));
        return new(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 First(int count) => new(Vector256.LessThan(Numbers, Vector256.Create(count)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.vector + right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.vector - right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left.vector * right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left.vector / right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator &(Lanes256 left, Lanes256 right) => new(left.vector & right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator |(Lanes256 left, Lanes256 right) => new(left.vector | right.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a.vector, b.vector, c.vector) : (a.vector * b.vector) + c.vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SignOf(Lanes256 value) => new(value.vector & Vector256.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Less(Lanes256 left, Lanes256 right) => new(Vector256.LessThan(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LessOrEqual(Lanes256 left, Lanes256 right) => new(Vector256.LessThanOrEqual(left.vector, right.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 one, Lanes256 other) => new(Vector256.ConditionalSelect(mask.vector, one.vector, other.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 value) => new(
        // Adding 1.5 · 2²³ leaves no place for a fraction.
        Avx.IsSupported ? Avx.RoundToNearestInteger(value.vector) : value.vector + Vector256.Create(12582912f) - Vector256.Create(12582912f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 value, Lanes256 exponent)
    {
        // In two steps, because 2ⁿ itself may not be a float.
        var half = Round(exponent * All(0.5f));
        return new(value.vector * PowerOfTwo(half.vector) * PowerOfTwo(exponent.vector - half.vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exponent(Lanes256 value) => new(Vector256.ConvertToSingle((Vector256.ShiftRightLogical(value.vector.AsInt32(), 23) & Vector256.Create(255)) - Vector256.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Mantissa(Lanes256 value) => new(((value.vector.AsInt32() & Vector256.Create(0x7fffff)) | Vector256.Create(0x3f800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Shrink(Lanes256 value, Lanes256 threshold)
    {
        var inside = Vector256.LessThanOrEqual(Vector256.Abs(value.vector), threshold.vector);
        var signed = threshold.vector | (value.vector & Vector256.Create(-0f));
        return new(Vector256.AndNot(value.vector - signed, inside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtLeast(Lanes256 value, Lanes256 floor) => new(
        // The instruction gives the second of two where one is not a number.
        Avx.IsSupported ? Avx.Max(floor.vector, value.vector) : Vector256.ConditionalSelect(Vector256.LessThan(value.vector, floor.vector), floor.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtMost(Lanes256 value, Lanes256 ceiling) => new(
        Avx.IsSupported ? Avx.Min(ceiling.vector, value.vector) : Vector256.ConditionalSelect(Vector256.GreaterThan(value.vector, ceiling.vector), ceiling.vector, value.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Keep(in KeepMask mask, uint index)
    {
        var bits = (Vector256.Create(index) + Numbers.AsUInt32()) ^ Vector256.Create(mask.Low);
        bits ^= Vector256.ShiftRightLogical(bits, 16);
        bits *= Vector256.Create(KeepMask.First);
        bits ^= Vector256.ShiftRightLogical(bits, 15);
        bits = (bits + Vector256.Create(mask.High)) * Vector256.Create(KeepMask.Second);
        bits ^= Vector256.ShiftRightLogical(bits, 16);
        bits *= Vector256.Create(KeepMask.Third);
        bits ^= Vector256.ShiftRightLogical(bits, 15);
        // Of 24 bits, because signed comparison is what every machine has.
        return new(Vector256.GreaterThanOrEqual(Vector256.ShiftRightLogical(bits, 8).AsInt32(), Vector256.Create(mask.Threshold)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 value) => Lanes128.Sum(new Lanes128(value.vector.GetLower()) + new Lanes128(value.vector.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 value) => Lanes128.Largest(Lanes128.Larger(new Lanes128(value.vector.GetLower()), new Lanes128(value.vector.GetUpper())));

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
    internal static Lanes256 Larger(Lanes256 left, Lanes256 right) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(left.vector, right.vector) | ~Vector256.Equals(right.vector, right.vector), right.vector, left.vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> exponent) => ((Vector256.ConvertToInt32(exponent) + Vector256.Create(127)) << 23).AsSingle();
}
