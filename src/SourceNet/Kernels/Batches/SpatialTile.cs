namespace SourceNet.Kernels.Batches;

/// <summary>A part of a channel: of some consecutive samples the same stretch of the plane.</summary>
internal readonly record struct SpatialTile(long FirstSample, long Samples, long Offset, long Count);
