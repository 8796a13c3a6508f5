using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>A function of one channel of a pixel. Implemented by structs, so that the loop over pixels is compiled for each of them.</summary>
internal interface IPixelMap
{
    /// <param name="x">From 0 to 255.</param>
    Vector256<float> Of(Vector256<float> x);
}
