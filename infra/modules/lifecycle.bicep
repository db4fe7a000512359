metadata description = 'What becomes of blobs with time.'

@export()
@description('A rule that deletes the blobs below some prefixes so many days after their last change; none for 0 days.')
func deletion(name string, prefixes string[], days int) object[] =>
  days == 0 ? [] : [rule(name, prefixes, { delete: { daysAfterModificationGreaterThan: days } })]

@export()
@description('A rule that moves the blobs below some prefixes to the cool tier so many days after their last change; none for 0 days.')
func cooling(name string, prefixes string[], days int) object[] =>
  days == 0 ? [] : [rule(name, prefixes, { tierToCool: { daysAfterModificationGreaterThan: days } })]

@description('A rule of the management policy of a storage account.')
func rule(name string, prefixes string[], action object) object => {
  name: name
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: ['blockBlob'], prefixMatch: prefixes }
    actions: { baseBlob: action }
  }
}
