using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>
/// Brightness and contrast, then saturation: <c>s · x + (1 − s) · gray of the pixel</c>, clamped to [0, 255]; then what standardizes the channels.
/// </summary>
internal readonly struct ColorMap(ContrastMap contrast, float saturation, ChannelScale red, ChannelScale green, ChannelScale blue)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (Vector256<float> R, Vector256<float> G, Vector256<float> B) Of(Vector256<float> r, Vector256<float> g, Vector256<float> b)
    {
        (r, g, b) = (contrast.Of(r), contrast.Of(g), contrast.Of(b));
        var gray = ((r * Vector256.Create(Gray.Red)) + (g * Vector256.Create(Gray.Green)) + (b * Vector256.Create(Gray.Blue)))
            * Vector256.Create(1 - saturation);
        var own = Vector256.Create(saturation);
        return (red.Of(ContrastMap.Clamp((r * own) + gray)), green.Of(ContrastMap.Clamp((g * own) + gray)), blue.Of(ContrastMap.Clamp((b * own) + gray)));
    }
}
