namespace SourceNet.Tests.Kernels;

/// <summary>Tests that seed torch's default generator: no other test may draw from it meanwhile.</summary>
[CollectionDefinition(nameof(DefaultGenerator), DisableParallelization = true)]
public sealed class DefaultGenerator;
