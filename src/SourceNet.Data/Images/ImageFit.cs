namespace SourceNet.Data;

/// <summary>How an image of any size becomes one of the size that is asked for. Each is resized once, bilinear with antialiasing.</summary>
public enum ImageFit
{
    /// <summary>The largest part in the center that has the ratio of the sides: what resizing and then cutting out the center gives.</summary>
    Crop,

    /// <summary>All of it, whatever its ratio: things become wider or narrower.</summary>
    Stretch,

    /// <summary>All of it with its ratio, between borders of the background.</summary>
    Pad,
}
