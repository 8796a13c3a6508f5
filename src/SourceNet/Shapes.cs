using System.Globalization;
using System.Text;

namespace SourceNet;

internal static class Shapes
{
    /// <summary><c>[64, 3, 32, 32]</c>, as shapes are written in messages.</summary>
    internal static string Text(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder("[");
        for (var axis = 0; axis < shape.Length; axis++)
        {
            text.Append(axis == 0 ? "" : ", ").Append(shape[axis].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
