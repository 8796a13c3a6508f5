namespace SourceNet.Package.Tests;

/// <summary>All tests of the packages share what was packed.</summary>
[CollectionDefinition(nameof(Workplace))]
public class WorkplaceCollection : ICollectionFixture<Workplace>;
