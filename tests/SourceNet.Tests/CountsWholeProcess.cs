namespace SourceNet.Tests;

/// <summary>Tests of what the whole process holds, which run while no others do.</summary>
[CollectionDefinition(nameof(CountsWholeProcess), DisableParallelization = true)]
public sealed class CountsWholeProcess;
