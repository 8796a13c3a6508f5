namespace SourceNet.Kernels.Batches;

/// <summary>The running statistics that a forward pass in training moves. Only valid during the call.</summary>
internal readonly unsafe record struct RunningStatistics(nint Mean, nint Variance, double Momentum);
