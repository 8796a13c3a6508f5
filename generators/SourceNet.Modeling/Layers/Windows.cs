using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>What convolutions and pools have in common: windows that slide over a feature map.</summary>
internal static class Windows
{
    /// <summary>How many windows start in <paramref name="room"/> places.</summary>
    public static Dim Count(Dim room, Dim stride, bool ceiling) => (ceiling ? (room + stride - 1) / stride : room / stride) + 1;

    /// <summary>The feature map that a layer with so many spatial axes takes.</summary>
    public static string Axes(int rank) => rank switch { 1 => "[C, L]", 2 => "[C, H, W]", _ => "[C, D, H, W]" };

    /// <summary>The result, unless it would be empty.</summary>
    public static Shape Fitting(Layer layer, Shape input, Shape result, ShapeInference shapes, bool isTooSmall = false)
    {
        if (isTooSmall || result.Dims.Any(dim => dim.Constant < 1))
        {
            shapes.Report(Problems.DoesNotFit(layer.KindFor(input), input, result, layer.Origin));
            return Shape.Unknown;
        }

        return result;
    }
}
