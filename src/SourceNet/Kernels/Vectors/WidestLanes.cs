using System.Runtime.Intrinsics;

namespace SourceNet.Kernels.Vectors;

/// <summary>Which lanes the kernels that a thread starts are to use: those that the machine is fastest with.</summary>
internal static class WidestLanes
{
    [ThreadStatic]
    private static int t_limit;

    /// <summary>How many floats they hold: 16, 8 or 4.</summary>
    internal static int Count => t_limit != 0 ? t_limit : Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Lets this thread use lanes of another width, so that one machine can test them all; 0 for its own choice.</summary>
    internal static void Limit(int count) => t_limit = count;
}
